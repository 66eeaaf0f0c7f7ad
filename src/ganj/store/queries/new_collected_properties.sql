insert into properties select number, name, promoted from told
