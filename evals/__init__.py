"""What the product is measured by: question sets, runs and scores."""
