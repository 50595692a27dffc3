"""Figures as ratios against peers, taken in one run through public interfaces."""
