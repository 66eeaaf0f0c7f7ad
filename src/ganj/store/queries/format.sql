select value from about where key = 'format'
