-- dataset: shop
SELECT action, vip, count(*) FROM shop GROUP BY ALL
