"""Random changes of real and hostile material, for everything that reads what strangers or users write."""
