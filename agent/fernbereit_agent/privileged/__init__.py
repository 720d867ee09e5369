"""What reads the few facts that need rights, and how does the agent, which has none, come to know them?

`fernbereit-agent-privileged` is a small program of its own: no arguments, no settings, no network. Once a day
it writes one file of JSON and ends. The agent reads the file if, and only if, nobody without those rights can
have written it. Nothing here may import what opens connections; import-linter holds that.
"""
