"""Google's Drive and Sheets on this machine: as much of them as the sentinel calls, over plain files that one may edit."""
