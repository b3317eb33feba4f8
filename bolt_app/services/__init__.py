"""Composition: settings -> adapters -> use cases, one file for each Lambda. Adapters are imported where they are used.

Nothing here runs at import; each function is called at the first request of an environment, and its result kept.
"""
