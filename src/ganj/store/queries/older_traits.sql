-- What the import says again; what it says otherwise than before stays as history.
delete from traits
using said_traits said
where
    traits.customer = said.customer and traits.name = said.name and traits.source = said.source
    and traits.time <= said.time
    and (traits.value is not distinct from said.value or traits.time = said.time)
