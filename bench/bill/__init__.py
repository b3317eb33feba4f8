"""What a month of the sentinel costs: the calls of one simulated day, counted as they are made, times list prices."""
