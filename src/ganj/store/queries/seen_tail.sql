select high, low from seen
