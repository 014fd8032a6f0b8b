import './timeline.css';
