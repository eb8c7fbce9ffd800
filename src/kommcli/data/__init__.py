"""Facts: the states, the topics and the feeds that kommcli knows from the start."""
