"""What people work in, across the steps of the loop."""
