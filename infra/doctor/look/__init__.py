"""What asks the world, one file for each group of questions."""
