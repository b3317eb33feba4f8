"""A strict stand-in for a Slack workspace: its Web API, and the people who press buttons in it."""
