insert into seen select high, low from told
