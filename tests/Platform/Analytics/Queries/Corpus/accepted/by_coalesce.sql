-- dataset: shop
SELECT coalesce(action, 'none') AS act, count(*) FROM shop GROUP BY act
