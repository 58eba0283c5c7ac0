"""Delivery: the ways in over HTTP and the command line. Parses, authorises, calls one service, answers."""
