select version from identity
