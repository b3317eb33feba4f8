"""What AWS gets: our source and hashed libraries in three sets, the same bytes from the same commit.

`sets` says who gets what, `stage` lays it out for the SAM CLI, `trim` takes away what nobody loads, `seal` compiles and makes
times and modes the same everywhere, and `python -m infra.artefacts` does it all and prints what became of it.
"""
