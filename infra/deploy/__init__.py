"""What `make deploy` does around `sam deploy`: looks before it (`infra.deploy.check`), and finishes after it (`infra.deploy`)."""
