-- dataset: shop
-- code: time_condition
SELECT count(*) FROM shop WHERE time >= now() - INTERVAL 7 DAY
