delete from whole_refunds where message_id in (select message_id from told)
