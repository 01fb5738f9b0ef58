-- dataset: days
SELECT count(*) FROM days a JOIN days b ON a."user" = b."user" AND date_trunc('day', a.time) = date_trunc('day', b.time)
