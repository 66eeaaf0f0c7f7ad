insert into fresh select * from arriving
