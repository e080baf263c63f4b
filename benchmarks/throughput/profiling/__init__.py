"""A folder for PYTHONPATH: Python imports its `sitecustomize` as every process starts."""
