"""What the sources get wrong, or leave open, and how the product deals with it."""
