select said from waiting order by load
