"""The post of this machine: a file in a folder is a mail that arrived."""
