-- dataset: shop
SELECT date_trunc('day', time AT TIME ZONE 'Europe/Vienna'), count(*) FROM shop GROUP BY 1
