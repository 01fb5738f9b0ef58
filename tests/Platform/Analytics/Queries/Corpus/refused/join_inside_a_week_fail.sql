-- dataset: days
-- code: join_not_on_subject
SELECT count(*) FROM days a JOIN days b ON a."user" = b."user" AND date_trunc('week', a.time) = date_trunc('week', b.time)
