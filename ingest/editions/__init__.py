"""What an edition keeps, whether it is whole, and the way back to an earlier one."""
