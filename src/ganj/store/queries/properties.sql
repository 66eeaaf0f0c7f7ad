select number, name, promoted from properties order by number
