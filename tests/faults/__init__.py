"""What faults of the machine leave behind: kills, full disks, missing rights, signals, many at once."""
