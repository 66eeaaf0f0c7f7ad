insert into products select code, name, about from told
