select id, one, other from merges where undone is null and list_contains($origins::integer[], one)
