"""What publishing an edition would change for citizens, seen before it is live."""
