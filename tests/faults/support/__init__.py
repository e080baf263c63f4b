"""What the tests of faults share: a hostile server, a proxy that cuts, processes, comparisons."""
