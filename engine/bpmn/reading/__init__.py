"""From XML to elements: what a diagram says, checked word by word."""
