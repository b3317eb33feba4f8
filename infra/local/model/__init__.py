"""A stand-in for the language model, behind Bedrock's address: a plain text extractor, and no model at all."""
