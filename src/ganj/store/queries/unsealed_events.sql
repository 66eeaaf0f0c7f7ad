-- All that is not in runs.
from fresh union all by name from arriving
