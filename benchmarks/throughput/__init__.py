"""Pages a second, CPU, memory and SQL of whole crawls, beside what people write themselves."""
