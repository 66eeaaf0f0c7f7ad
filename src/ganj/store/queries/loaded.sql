select batch, counts from loaded order by batch
