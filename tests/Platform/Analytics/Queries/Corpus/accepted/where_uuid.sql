-- dataset: shop
SELECT count(*) FROM shop WHERE session = '00000000-0000-0000-0000-000000000001'::uuid
