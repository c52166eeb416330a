"""The rules, one file each or a small theme of them. A check never imports another check."""
