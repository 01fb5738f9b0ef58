-- dataset: days
-- code: join_not_allowed
SELECT count(*) FROM days a JOIN (SELECT "user", min(time) AS time FROM days GROUP BY "user") b ON a."user" = b."user" AND date_trunc('day', a.time) = date_trunc('day', b.time)
