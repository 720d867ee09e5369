"""The only door from the fleet to anything published; `ticks.Publisher` opens it, `cells.publish` decides."""
