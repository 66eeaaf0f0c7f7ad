-- Everything derived; made anew from imports/ and log/ whenever it is lost.
create table if not exists about (key varchar, value varchar);

create table if not exists names (kind varchar, code integer, name varchar);
create table if not exists properties (number integer, name varchar, promoted boolean);
create table if not exists products (code integer, name varchar, traits json);
create table if not exists orders (code integer, name varchar);

create table if not exists customers (customer integer, kind varchar, value varchar);
create table if not exists identifiers (
    kind varchar, value varchar, customer integer, first bigint, last bigint
);
create table if not exists traits (
    customer integer, name varchar, source varchar, value varchar, number double,
    time bigint, batch integer, row bigint
);

-- Every row ever loaded, by identity: an order line or event is stored once.
create table if not exists ledger (id uuid, batch integer);

create table if not exists fresh (
    bucket integer, customer integer, time bigint, message_id uuid, event integer, amount double,
    product integer, "order" integer, channel integer, source integer, batch integer,
    alike boolean, properties varchar, facts integer[]
);
create table if not exists fresh_lines (
    bucket integer, message_id uuid, row bigint, product integer, quantity double, price double,
    amount double, properties varchar, facts integer[]
);
create table if not exists runs (
    file varchar, bucket integer, rows bigint, bytes bigint, checksum varchar,
    first_customer integer, last_customer integer, first bigint, last bigint
);
-- Events in runs whose order has grown since: their new form is fresh.
create table if not exists replaced (bucket integer, message_id uuid);

create table if not exists loaded (batch integer, counts varchar);

-- What a list is searched by: names in the form that different spellings have in common.
create table if not exists known_as (customer integer, words varchar);
insert into about select 'format', '1' where not exists (select 1 from about where key = 'format');
