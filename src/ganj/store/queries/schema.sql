-- Everything derived; made anew from imports/ and log/ whenever it is lost.
create table if not exists about (key varchar, value varchar);

create table if not exists names (kind varchar, code integer, name varchar);
create table if not exists properties (number integer, name varchar, promoted boolean);
create table if not exists products (code integer, name varchar, traits json);
create table if not exists orders (code integer, name varchar);

create table if not exists customers (customer integer, kind varchar, value varchar, lot ubigint);
create table if not exists identifiers (
    kind varchar, value varchar, customer integer, first bigint, last bigint, added bigint, key ubigint
);
-- Customers in these tables are origins: the numbers under which things came.  Who stands for an origin whose customer
-- was merged with an older one; every other stands for itself.
create table if not exists moved (origin integer, customer integer);
-- Why: each merge joins two origins until it is undone.
create table if not exists merges (
    id varchar, one integer, other integer, one_kind varchar, one_value varchar, other_kind varchar,
    other_value varchar, time bigint, automatic boolean, evidence varchar, undone bigint, undone_by varchar
);
-- Customers who were said to be different people.
create table if not exists apart (
    one integer, other integer, one_kind varchar, one_value varchar, other_kind varchar, other_value varchar,
    time bigint, said_by varchar
);
-- Origins whose events in runs lie (or lay) under another number, and those whose events lie where they no longer belong.
create table if not exists placed (origin integer, customer integer);
create table if not exists displaced (origin integer, customer integer);
-- Which source wins a trait, where somebody decided it; else whoever spoke last.
create table if not exists preferred (name varchar, rule varchar, sources varchar[]);
create or replace macro trust(rule, sources, source, time, value) as
case rule
    when 'first' then -time
    when 'sources' then -coalesce(list_position(sources, source), 1000)
    when 'complete' then length(value)
    else 0
end;
create table if not exists traits (
    customer integer, name varchar, source varchar, value varchar, number double,
    time bigint, batch integer, row bigint
);

-- Every row ever loaded, by identity: an order line or event is stored once.
create table if not exists ledger (id uuid, batch integer);

create table if not exists fresh (
    bucket integer, customer integer, origin integer, time bigint, message_id uuid, event integer, amount double,
    product integer, "order" integer, channel integer, source integer, batch integer,
    alike boolean, properties varchar, facts integer[]
);
create table if not exists fresh_lines (
    bucket integer, message_id uuid, row bigint, product integer, quantity double, price double,
    amount double, properties varchar, facts integer[]
);
-- Files of collected events that are in no run; see ganj.store.fresh.
create table if not exists fresh_files (file varchar, rows bigint);
create table if not exists runs (
    file varchar, bucket integer, rows bigint, bytes bigint, checksum varchar,
    first_customer integer, last_customer integer, first bigint, last bigint
);
-- Events in runs whose order has grown since: their new form is fresh.
create table if not exists replaced (bucket integer, message_id uuid);

create table if not exists loaded (batch integer, counts varchar);

-- What a list is searched by: names in the form that different spellings have in common.
create table if not exists known_as (customer integer, words varchar);
insert into about select 'format', '4' where not exists (select 1 from about where key = 'format');

-- Of collected events: how far each file of the log is loaded, and in which files beside the runs it stands which
-- messages are stored (those of the newest loads: in the files of fresh events).
create table if not exists log_files (stem varchar, position bigint, whole boolean);
create table if not exists seen_files (file varchar, rows bigint);
-- Orders that were told by a collected event: an import that tells them again brings nothing new.
create table if not exists collected_orders ("order" integer, event integer);
-- Collected refunds that named an order and no amount, each as it stands among the events; what they come to changes
-- with what else is told of the order.
create table if not exists whole_refunds (
    customer integer, time bigint, message_id uuid, event integer, amount double, product integer, "order" integer,
    channel integer, source integer, batch integer, origin integer, line_product integer[], line_quantity double[],
    line_price double[], line_amount double[], line_properties varchar[], properties varchar, facts integer[]
);
-- What came from where by the day; rows of one (source, event, day) are added up.
create table if not exists tallies (
    source varchar, event varchar, day bigint, accepted bigint, duplicates bigint, rejected bigint,
    late bigint, future bigint, old bigint, unknown bigint, unpriced bigint,
    off_plan bigint, last bigint
);
create table if not exists event_schema (
    event varchar, property varchar, kind varchar, example varchar, seen bigint, first bigint, last bigint
);
create table if not exists rejected (
    id varchar, source varchar, received bigint, code varchar, line varchar, stem varchar, times bigint
);
-- Rejected lines that somebody had stored after all.
create table if not exists mended (id varchar);
create table if not exists damaged (stem varchar, begin bigint, bytes bigint, found bigint);
-- What loads said to the tables above and they have not been told; see ganj.store.waiting.
create table if not exists waiting (load bigint, said blob);
