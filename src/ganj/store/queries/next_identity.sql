update identity set version = version + 1
