"""Which names in `prices` and `stock` have a meaning of their own?

Every other name is what makes a device ready that is one fix away, as the fleet's column `fix` and the cost
items of a policy call it: `battery`, `settings`, `headset` and whatever else an authority needs.
"""

LAPTOP = "laptop"
SESSION = "vpn_session"
LICENCE = "vpn_licence"
BANDWIDTH = "bandwidth_mbit"
TRIAL_DAY = "trial_day"

ITEMS = (LAPTOP, SESSION, LICENCE, BANDWIDTH, TRIAL_DAY)
"""One laptop; one session of a gateway (with its licence, unless licences have a price of their own); one
licence of a shared pool; one Mbit/s of a line; one day on which everybody works from outside."""
