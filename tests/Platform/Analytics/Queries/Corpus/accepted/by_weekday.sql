-- dataset: shop
SELECT date_part('isodow', time), count(*) FROM shop GROUP BY 1
