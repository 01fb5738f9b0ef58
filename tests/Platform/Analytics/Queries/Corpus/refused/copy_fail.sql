-- dataset: shop
-- code: not_select
COPY shop TO 'x.csv'
