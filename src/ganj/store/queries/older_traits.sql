-- Traits that the import says anew.
delete from traits
using said_traits said
where
    traits.customer = said.customer and traits.name = said.name and traits.source = said.source
    and traits.time <= said.time
