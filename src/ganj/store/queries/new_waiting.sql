insert into waiting values ($load, $said)
