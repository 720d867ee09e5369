"""What does Windows say this process has cost? psutil asks it, as on macOS."""

from fernbereit_agent.probes.agent_macos import read

__all__ = ["read"]
